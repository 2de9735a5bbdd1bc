import { describeServer } from './describe-server.js';

describeServer('telegraf-samples');
