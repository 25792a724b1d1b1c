// Carries out orders for the tests in Go.
import { serve } from '../../../testkit/node/control.js';
import { render } from '../assets/markdown.js';
import { draw } from './draw.mjs';

serve({
  draw: ({ texts, image }) => texts.map((t) => draw(render, [t], image)),
  grow: ({ steps, image }) => draw(render, steps, image),
  milliseconds: ({ text }) => {
    const from = process.cpuUsage(); // of the processor: others may keep it busy
    draw(render, [text], '');
    const used = process.cpuUsage(from);
    return (used.user + used.system) / 1000;
  },
});
