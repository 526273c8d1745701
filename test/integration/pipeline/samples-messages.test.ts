import { checkSamples, useSamples } from './check-samples.js';
import { MESSAGES } from './samples-messages.js';

checkSamples(useSamples(), MESSAGES);
