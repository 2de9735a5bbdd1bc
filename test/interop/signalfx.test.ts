import { describeServer } from './describe-server.js';

describeServer('signalfx');
