import { service } from './app.js';

service().listen(3000, () => console.log('http://localhost:3000/leads'));
