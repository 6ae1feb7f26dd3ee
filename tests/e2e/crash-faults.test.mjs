import { suite } from '../proof/crash-suite.mjs';

suite('faults', 'an answer that fails, is lost or says nothing');
