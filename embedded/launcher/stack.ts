import { boot } from './boot.js';
import { createCrew, type Crew } from './crew.js';
import { claimDataDir } from './data-dir.js';
import { isPortFree } from './ports.js';
import { StackError, type Stack, type StackOptions } from './stack-types.js';

export * from './stack-types.js';

/**
 * Starts everything and resolves when all of it is ready.
 * @throws DataDirError, StackError, RedisMissingError or ChildFailedError, with messages for people; nothing is left running.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  if (options.port !== undefined && options.port !== 0 && !(await isPortFree(options.port)))
    throw new StackError(`Port ${options.port} is taken. Choose another one with --port <number>.`);
  const data = await claimDataDir(options.dataDir, options.fresh ?? false);
  const crew = createCrew(data, options.log ?? (() => undefined));
  const stop = async (): Promise<void> => {
    await crew.stop();
    data.release();
  };
  const onAbort = (): void => void stop();
  options.signal?.addEventListener('abort', onAbort);
  try {
    return { ...(await boot(options, data.path, crew)), ...controls(crew), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function controls(crew: Crew): Omit<Stack, 'urls' | 'demo' | 'secrets' | 'stop'> {
  const restart: Stack['restart'] = async (name, { env = {}, signal = 'SIGKILL' } = {}) => {
    const child = crew.get(name);
    child.setEnv(env);
    await child.kill(signal);
    await child.ready();
  };
  return {
    names: () => crew.names(),
    pid: (name) => crew.get(name).pid,
    starts: (name) => crew.get(name).starts,
    kill: (name, signal = 'SIGKILL') => crew.get(name).kill(signal),
    ready: (name) => crew.get(name).ready(),
    restart,
    wipeRedis: () => restart('redis'),
    forceStop: () => crew.forceStop(),
  };
}
