import type { KeyName } from '../logic/keys.js';
import { isCharacterKey, worksInText } from '../logic/keys.js';

/** Something a reader may do, found by the palette and by its keys. */
export interface Command {
  /** `<area>.<what>`, for one command alone. */
  id: string;
  label: string;
  /** The heading under which the palette and the list of keys show it. */
  group: string;
  keys?: readonly KeyName[];
  /** Whether it can be done now; without it, always. */
  when?: () => boolean;
  /** What it does. Absent: the component that does it is not on screen, or a field answers its keys itself. */
  run?: () => void;
  /** Its keys work in dialogs, and only there. */
  inDialogs?: boolean;
  /** Stands last in the palette while nothing is typed. */
  minor?: boolean;
  /** It means nothing in the palette, such as "next". */
  keysOnly?: boolean;
}

/** A whole command, or what a component on screen adds to one that its area has declared. */
export type CommandPart = Pick<Command, 'id'> & Partial<Command>;

/** Reads commands anew each time, so that they are in the reader's language and of this moment. */
export type CommandSource = () => readonly CommandPart[];

/** Where the focus is when a key is struck. */
export interface KeyPlace {
  /** Letters belong to the element. */
  inText: boolean;
  /** Arrows, Enter and the like belong to the element. */
  inWidget: boolean;
  inDialog: boolean;
}

/** The commands of everything on screen. Parts of one id are put together; of two values the later registered one counts. */
export class CommandRegistry {
  readonly #sources = new Set<CommandSource>();

  /** Answers what takes the commands away again. */
  register(source: CommandSource): () => void {
    this.#sources.add(source);
    return () => this.#sources.delete(source);
  }

  /** All commands, also those that cannot be done now. */
  all(): Command[] {
    const found = new Map<string, CommandPart>();
    for (const source of this.#sources) {
      for (const part of source()) found.set(part.id, { ...found.get(part.id), ...part });
    }
    return [...found.values()].filter(isWhole);
  }

  /** Those that can be done now. */
  runnable(): Runnable[] {
    return this.all().filter(isRunnable);
  }

  /**
   * The command of a key; `prefix`: a key of two strokes begins with it; null: it means nothing here. `characters` says
   * whether single letters and signs are keys.
   */
  byKey(key: KeyName, place: KeyPlace, characters: boolean): Runnable | 'prefix' | null {
    if (place.inText && !worksInText(key)) return null;
    if (place.inWidget && WIDGET_KEYS.test(key)) return null;
    const usable = this.runnable().filter(({ inDialogs = false }) => inDialogs === place.inDialog);
    const keysOf = ({ keys = [] }: Command) => keys.filter((own) => characters || !isCharacterKey(own));
    const command = usable.findLast((one) => keysOf(one).includes(key));
    if (command !== undefined) return command;
    return usable.some((one) => keysOf(one).some((own) => own.startsWith(`${key} `))) ? 'prefix' : null;
  }
}

/** What parts of a group answer by themselves. */
const WIDGET_KEYS = /^(shift\+)?(Arrow|Enter|Home|End|Page| )/;

export type Runnable = Command & { run: () => void };

const isWhole = (part: CommandPart): part is Command => part.label !== undefined && part.group !== undefined;

const isRunnable = (command: Command): command is Runnable => command.run !== undefined && command.when?.() !== false;
