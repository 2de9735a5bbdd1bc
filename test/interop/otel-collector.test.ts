import { describeServer } from './describe-server.js';

describeServer('otel-collector');
