// Who is asked what: the conditions of the questionnaire on the answers so far. The server decides by the same rules again.

// route tells for each item, in order, whether it is asked. What was answered to an item that is not asked counts as unanswered.
export function route(items, answers) {
  const known = new Map();
  const value = (name) => known.get(name);
  return items.map((item) => {
    const asked = !item.when || holds(item.when, value);
    for (const name of item.rows || [item.id]) {
      known.set(name, asked ? seen(item, answers[name]) : undefined);
    }
    if (item.rows) known.set(item.id, undefined);
    return asked;
  });
}

// seen is what a condition sees of an answer: nothing of "don't know" and the like.
function seen(item, answer) {
  const missing = item.missing || [];
  if (item.kind === 'multiple') {
    const chosen = Array.isArray(answer) ? answer.filter((o) => !missing.includes(o)) : [];
    return chosen.length ? chosen : undefined;
  }
  if (item.kind === 'number') return typeof answer === 'number' && Number.isFinite(answer) ? answer : undefined;
  return typeof answer === 'string' && answer !== '' && !missing.includes(answer) ? answer : undefined;
}

function holds([what, ...rest], value) {
  switch (what) {
    case 'and': return rest.every((t) => holds(t, value));
    case 'or': return rest.some((t) => holds(t, value));
    case 'not': return !holds(rest[0], value);
    case 'answered': return value(rest[0]) !== undefined;
    case 'is': return rest[1].includes(value(rest[0]));
    case 'has': return (value(rest[0]) || []).includes(rest[1]);
    default: return compared(what, value(rest[0]), rest[1]);
  }
}

function compared(what, a, b) {
  if (a === undefined) return false;
  switch (what) {
    case '==': return a === b;
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    default: return true; // a question too many harms less than one too few
  }
}
