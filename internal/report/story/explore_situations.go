package story

import "tekentafel/internal/chart"

// bestOfEveryone draws, in one figure, which share of everyone chose the best answer in each situation; none where nothing may be shown.
func (v *visit) bestOfEveryone(tp *topicOf) []Panel {
	var list []estimate
	for _, q := range tp.questions(v.x, false) {
		if q.Kind == kindIndicator {
			e := v.everyone(measure{q, optionYes})
			e.label = v.label(q)
			list = append(list, e)
		}
	}
	drawn := shown(list)
	if len(drawn) == 0 {
		return nil
	}
	p := Panel{ID: testTopic + ".everyone", Title: v.say("test.everyone", nil)}
	c := chart.Intervals{Max: 1, Percent: true, Rows: v.rows(drawn, nil, v.p.Percent)}
	p.Figure = &Figure{ID: p.ID, Title: p.Title, Description: v.describe(drawn, v.p.Percent), Caption: v.say("caption.interval", nil), Chart: c,
		Table: v.shareTable(WordQuestion, list)}
	return []Panel{p}
}
