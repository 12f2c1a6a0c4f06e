import next from './next.js';

export const { decideLead, problemOf, validLead } = next;
export default next;
