import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startWorkers } from '../workers/index.js';
import { createApp } from './api/app.js';
import { files } from './api/files/files.js';
import { createIngress } from './api/webhooks/ingress.js';
import { createIntakeStats } from './api/webhooks/intake-stats.js';
import { limitIntake } from './api/webhooks/limit-intake.js';
import type { Components } from './components.js';
import { DEMO_LOGINS } from './demo-logins.js';
import { createClientFaults } from './logging/client-faults.js';
import { createLimits } from './storage/rate-limits.js';
import { SHUTDOWN_ORDER } from './utils/shutdown.js';

/** Starts what the role asks for. @returns the port that serves HTTP; null in a worker. */
export async function serve(components: Components): Promise<{ port: number | null }> {
  const { hub, redis, work, local, shutdown } = components;
  const { ROLE } = hub.env;
  if (ROLE !== 'api') {
    const workers = startWorkers(hub, redis.worker, work, local);
    shutdown.add('workers', SHUTDOWN_ORDER.work, () => workers.stop());
  }
  return { port: ROLE === 'worker' ? null : await serveHttp(components) };
}

async function serveHttp({ hub, realtime, redis, shutdown }: Components): Promise<number> {
  const limits = createLimits(redis.producer, hub.logger);
  const faults = createClientFaults(hub.logger);
  const stats = createIntakeStats(hub.logger);
  const app = createApp(hub, {
    redis: redis.producer,
    limits,
    faults,
    ingress: limitIntake(hub, limits, createIngress(hub, stats)),
    routers: [files(hub)],
    demoLogins: DEMO_LOGINS.map(({ role, email, password }) => ({ role, email, password })),
  });
  const http = createServer(app.listener);
  realtime.serve(hub, http, limits, faults);
  const port = await listen(http, hub.env.PORT, hub.env.HOST);
  shutdown.add('http', SHUTDOWN_ORDER.intake, async () => {
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    http.closeIdleConnections();
    await app.stop();
    await stats.stop();
    faults.stop();
    void closed;
  });
  return port;
}

const listen = (http: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => resolve((http.address() as AddressInfo).port));
  });
