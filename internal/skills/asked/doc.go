// Package asked is the test of skills as a wave asks it: some situations of the item bank as ordinary questions at the end
// of the monitor, for groups and never for one person.
//
// Its words:
//
//   - a situation is a question of the test: an item of the bank in its version for desk work or for the field;
//   - the part is what stands in instruments/genai-monitor.yaml between markers: made from the bank by Choose and Write, and
//     never changed by hand;
//   - a category is the credit of the option that somebody chose: 0, 1 or 2.
//
// Read gives the answers of a wave back in the form that the gap is computed from. What was right at the time stands with the
// options of the questionnaire that was asked, so a bank that changes later does not change what people answered.
package asked
