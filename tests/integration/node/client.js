// A gateway and a desktop in Node, on @grpc/grpc-js and the .proto files alone. Routes one chat and ends
// with 0; prints what it saw as one JSON object. Usage: node client.js ADDRESS PROTO-FOLDER
'use strict';
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, protos] = process.argv.slice(2);
const files = ['contact_gateway.proto', 'agent_desktop.proto'];
const definition = loader.loadSync(
    files.map((f) => path.join('routerd/v1', f)),
    {includeDirs: [protos], keepCase: true, longs: String, enums: String, oneofs: true,
     arrays: true, defaults: true});
const api = grpc.loadPackageDefinition(definition).routerd.v1;

// One stream: numbers what it sends, acknowledges what it got.
class Session {
  constructor(stream, client, onEvent) {
    this.stream = stream;
    this.sent = 0;
    this.seen = '0';
    stream.on('data', (frame) => {
      if (frame.number !== '0') this.seen = frame.number;
      for (const result of frame.results) {
        if (result.status && result.status.code !== 0) throw new Error(result.status.message);
      }
      for (const event of frame.events) onEvent(event, this);
    });
    stream.on('error', (error) => {
      if (!this.closed) throw error;
    });
    stream.write({hello: {client}});
  }
  send(name, request) {
    this.sent += 1;
    const header = {request_id: String(this.sent)};
    const command = {[name]: {header, ...request}};
    this.stream.write({number: this.sent, acked: this.seen, commands: [command]});
  }
  close() {
    this.closed = true;
    this.stream.end();
  }
}

const credentials = grpc.credentials.createInsecure();
const seen = [];

const desk = new Session(
    new api.AgentDesktopService(address, credentials).OpenDesktopSession(), 'desk-node',
    (event, s) => {
      if (event.offer) s.send('accept_offer', {agent_id: 'nora', offer_id: event.offer.offer_id});
      if (event.wrap_up_started) {
        const contact_id = event.wrap_up_started.contact_id;
        s.send('end_wrap_up', {agent_id: 'nora', contact_id});
      }
      // The chat arrives once the agent is there to take it.
      if (event.state_changed && !seen.includes('agent')) {
        seen.push('agent');
        gateway.send('arrive', {
          contact_id: 'chat-1', channel: 'chat', queue: 'help', attributes: {language: 'de'}});
      }
    });
const gateway = new Session(
    new api.ContactGatewayService(address, credentials).OpenGatewaySession(), 'chat-node',
    (event, s) => {
      seen.push(event.event);
      if (event.offer) console.error(`offered to ${event.offer.agent_id} at ${event.offer.endpoint}`);
      if (event.confirmed) {
        s.send('end_contact', {contact_id: 'chat-1', reason: 'END_REASON_CUSTOMER_LEFT'});
      }
      if (event.ended && event.ended.state === 'CONTACT_STATE_COMPLETED') {
        console.log(JSON.stringify({seen, agent: event.ended.agent_id}));
        s.close();
        desk.close();
      }
    });
desk.send('log_in', {
  agent_id: 'nora', presence: 'AGENT_PRESENCE_READY',
  channels: [{channel: 'chat', endpoint: 'user:nora'}]});
