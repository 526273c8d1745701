import { checkSamples, useSamples } from './check-samples.js';
import { ECHOES } from './samples-echoes.js';

checkSamples(useSamples(), ECHOES);
