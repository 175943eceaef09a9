import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

// A small program that serves as web programs do: it says whether it is ready, lets itself be drained, and counts what
// it has in hand. `node drainable-program.ts ADDRESS PORT FILE`; while FILE is there it starts broken.
const [address, port, broken = ''] = process.argv.slice(2);
const isBroken = existsSync(broken);
let draining = false;
let inFlight = 0;

const server = createServer((request, response) => {
  const answer = (status: number, body = '') => response.writeHead(status).end(body);
  switch (`${request.method} ${request.url}`) {
    case 'GET /ready':
      return answer(isBroken ? 500 : draining ? 503 : 200);
    case 'GET /-/in-flight':
      return answer(200, String(inFlight));
    case 'GET /-/pid':
      return answer(200, String(process.pid));
    case 'POST /-/drain':
    case 'POST /-/undrain':
      draining = request.url === '/-/drain';
      return answer(200);
    case 'GET /work':
    case 'GET /work/long':
      inFlight += 1;
      response.on('close', () => {
        inFlight -= 1;
      });
      return setTimeout(() => answer(200), request.url === '/work' ? 300 : 2_500);
    default:
      return answer(404);
  }
});
server.listen(Number(port), address);
