/** The demo company's people. Their passwords are shown on the log-in page, which is why DEMO is refused in production. */
export const DEMO_LOGINS = [
  { role: 'admin', name: 'Nora Feld', email: 'nora@radhaus.example', password: 'radhaus-admin' },
  { role: 'supervisor', name: 'Jonas Keller', email: 'jonas@radhaus.example', password: 'radhaus-lead' },
  { role: 'agent', name: 'Mara Lindner', email: 'mara@radhaus.example', password: 'radhaus-mara' },
  { role: 'agent', name: 'Tomasz Wrona', email: 'tomasz@radhaus.example', password: 'radhaus-tomasz' },
] as const;
