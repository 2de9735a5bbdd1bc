import { describeServer } from './describe-server.js';

describeServer('veneur');
