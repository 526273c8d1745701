// Stands in for every program of the stack: it listens on its port, says that it is ready, and notes how it ended.
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const argument = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};

const kind = argument('webhook-url')
  ? 'sandbox'
  : argument('data')
    ? 'store'
    : process.env.SANDBOX_PAGES
      ? 'seed'
      : 'hub';
const misbehaviour = process.env[`FAKE_${kind.toUpperCase()}`];
const folder = kind === 'hub' || kind === 'seed' ? process.env.DATA_DIR : join(argument('data'), '..');
const note = (what) => appendFileSync(join(folder, 'events.log'), `${what} ${kind}\n`);

if (misbehaviour === 'refuses') {
  console.error('JWT_SECRET: must be at least 32 characters');
  process.exit(3);
}
if (kind === 'seed') {
  note('ran');
  writeFileSync(join(folder, 'seed-arguments.json'), JSON.stringify(process.argv));
  console.log('progress that nobody reads');
  console.log(JSON.stringify({ users: [{ role: 'admin', email: 'a@b.c', password: 'p' }], inboxes: [] }));
  process.exit(0);
}
process.on('SIGTERM', () => {
  note('asked');
  if (misbehaviour !== 'ignores SIGTERM') process.exit(0);
});
const socket = argument('socket');
const port = socket ?? Number(argument('port') ?? process.env.PORT);
if (socket !== undefined) rmSync(socket, { force: true });
createServer((request, response) => {
  if (request.url === '/die') process.exit(7);
  response.end(JSON.stringify({ env: process.env, args: process.argv.slice(2), pid: process.pid }));
}).listen(...(socket === undefined ? [port, '127.0.0.1'] : [socket]), () => {
  console.log('something before the ready line');
  if (misbehaviour !== 'is never ready')
    console.log(
      JSON.stringify({
        ready: true,
        uri: `mongodb://${socket === undefined ? `127.0.0.1:${port}` : encodeURIComponent(socket)}`,
      }),
    );
});
