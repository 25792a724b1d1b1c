// How a test server of Node.js and the test speak: the test writes one order a line to standard input, the server answers
// each with one line on standard output, and ends when standard input ends, which it does when the test ends.
import readline from 'node:readline';

// What libraries print must not stand between the answers.
console.log = console.info = console.error;

// serve carries out orders: {"do": name, "with": argument} calls handlers[name](argument).
export function serve(handlers) {
  let turn = Promise.resolve();
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    turn = turn.then(async () => {
      let answer;
      try {
        const order = JSON.parse(line);
        answer = { value: (await handlers[order.do](order.with)) ?? null };
      } catch (error) {
        answer = { error: [error.stack, error.error_description, error.error_detail].filter(Boolean).join('\n') };
      }
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    });
  }).on('close', () => process.exit(0));
}

// listen opens a server on a port of the loopback address and returns the port.
export function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve(server.address().port);
    });
  });
}
