import {knownMacros} from '../api/desk';
import {knownStaff} from '../api/staff';

/** What a person of the staff is called, of those whom `readStaff` has told of; the id that events hold where nobody told this reader. */
export const staffName = (id: string): string => knownStaff().get(id) ?? id;

/** What a written answer is called, of those that `readMacros` has told of. */
export const macroTitle = (id: string): string => knownMacros().get(id) ?? id;
