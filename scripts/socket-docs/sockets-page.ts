import { describeSockets, type DescribedCall, type DescribedEvent } from '../../src/api/docs/describe-sockets.js';

const code = (title: string, text: string): string => `${title}:\n\n\`\`\`text\n${text}\n\`\`\`\n`;

const asks = ({ ability, rate, reply }: DescribedCall): string =>
  [
    ability === null ? 'Asks no ability' : `Asks \`${ability}\``,
    `counts as \`${rate}\``,
    reply === null ? 'is told nothing without a callback' : `is told \`${reply}\` without a callback`,
  ].join('; ');

const call = (row: DescribedCall): string =>
  `#### \`${row.event}\`\n\n${row.says} ${asks(row)}.\n\n${code('Input', row.input)}\n${code('Answer', row.answer)}`;

const event = (row: DescribedEvent): string =>
  `#### \`${row.event}\` to ${row.audience}\n\n${row.says}\n\n${code('Data', row.payload)}`;

/** `docs/sockets.md`, from the catalogue that types and checks the events. */
export function socketsPage(): string {
  const { namespaces, shapes } = describeSockets();
  const parts = namespaces.map(({ path, says, calls, events }) =>
    [
      `## \`${path}\`\n\n${says}\n`,
      '### What clients send\n',
      ...calls.map(call),
      '### What the server sends\n',
      ...events.map(event),
    ].join('\n'),
  );
  return `# Sockets

Written by \`npm run docs:sockets\` from \`src/shared/socket-catalogue\`.

Socket.IO at \`<PUBLIC_URL>/socket.io\`. A client event has one argument and may have a callback, which is answered with
\`{ "ok": true, "data": … }\` or \`{ "ok": false, "error": … }\`. Without a callback the answer comes as an event of its own where the
event below names one, and a refusal as \`error\` (\`auth_error\` for \`authenticate\`). Fields that an event does not know are refused.

${parts.join('\n')}
## Shapes

${shapes.map(({ name, text }) => code(`\`${name}\``, text)).join('\n')}`;
}
