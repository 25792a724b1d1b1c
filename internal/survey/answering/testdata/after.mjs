// What the page's script makes of answers for a page that follows, for a test to compare.
import { serve } from '../../../testkit/node/control.js';
import { fields } from '../../client/src/after.js';

serve({ fields: ({ after, answers }) => answers.map((a) => fields(after, a)) });
