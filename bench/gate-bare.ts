import Fastify from 'fastify';

// Fastify that reads a JSON body and sends one back: what the gate can at best be as quick as.
const app = Fastify({ logger: false });
app.post('/api/v1/decisions', async () => ({ allowed: true }));
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
