// What the page's script decides on who is asked what, for a test to compare.
import { serve } from '../../../testkit/node/control.js';
import { route } from '../../client/src/route.js';

serve({ route: ({ items, answers }) => answers.map((a) => route(items, a)) });
