import {knownStaff} from '../api/staff';

/** What a person of the staff is called, of those whom `readStaff` has told of; the id that events hold where nobody told this reader. */
export const staffName = (id: string): string => knownStaff().get(id) ?? id;
