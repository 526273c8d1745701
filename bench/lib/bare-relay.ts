import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MongoClient } from 'mongodb';
import { Server } from 'socket.io';

/** The least a chat can do: store each message with an acknowledged insert, then tell everybody else. Prints its port. */
const client = new MongoClient(process.argv[2] ?? '', { w: 'majority', journal: true });
await client.connect();
const messages = client.db('bench').collection('messages');
const http = createServer();
const io = new Server(http);
io.on('connection', (socket) => {
  socket.on('say', async (text: string, done: () => void) => {
    await messages.insertOne({ text, at: new Date() });
    socket.broadcast.emit('said', text);
    done();
  });
});
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (http.address() as AddressInfo).port })));
