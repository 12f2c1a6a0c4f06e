import express from './express.js';

export const { decideLead, problems, validLead } = express;
export default express;
