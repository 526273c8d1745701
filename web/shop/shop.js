const page = globalThis.document;

for (const button of page.querySelectorAll('[data-chat]')) {
  button.addEventListener('click', () => globalThis.Switchboard?.('open'));
}
