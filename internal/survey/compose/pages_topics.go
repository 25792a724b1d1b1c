package compose

import (
	"net/http"
	"net/url"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// topicsView is the form with the topic of each question of an own questionnaire.
type topicsView struct {
	set  *Set
	w    words
	form *ui.FormState
}

// topic names a topic as the report does.
func (w words) topic(t instrument.Topic) string {
	if t == instrument.TopicOther {
		return w.say("topic.none")
	}
	return w.say("topic." + string(t))
}

func (w words) topics(field ui.Field, list []instrument.Topic, chosen instrument.Topic) ui.Choice {
	c := ui.Choice{Field: field, Chosen: []string{string(chosen)}}
	for _, t := range list {
		c.Options = append(c.Options, ui.Option{Value: string(t), Label: w.topic(t)})
	}
	return c
}

// topic is the choice of a topic for an own question.
func (v ownView) topic() ui.Choice {
	chosen := v.own.Topic
	if chosen == "" {
		chosen = instrument.TopicOther
	}
	return v.w.topics(ui.Field{Name: "topic", Label: v.w.say("own.topic"), Hint: v.w.say("own.topic-hint")}, ownTopics(), chosen)
}

// topicField names the field of the topic of an item.
func topicField(item string) string { return "topic-" + item }

// choices are the questions of the base with their topics, for those that the report has a place for.
func (v topicsView) choices() []ui.Choice {
	var out []ui.Choice
	for i := range v.set.Base.Items {
		if it := &v.set.Base.Items[i]; topicable(it) {
			out = append(out, v.w.topics(ui.Field{Name: topicField(it.ID), Label: it.Name().In(v.w.lang)}, Topics(), it.Topic))
		}
	}
	return out
}

// unplaced is how many questions of the base are about nothing that the report knows.
func (v *overview) unplaced() int {
	n := 0
	for i := range v.set.Base.Items {
		if it := &v.set.Base.Items[i]; topicable(it) && it.Topic == instrument.TopicOther {
			n++
		}
	}
	return n
}

func (s *Service) showTopics(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	if !set.Recipe.Base.Own() {
		return notFound()
	}
	ww := in(r.Lang)
	p := page(r, set, ww.say("topics.title"), true)
	p.Lead = ww.say("topics.lead")
	return r.Show(w, p, topicsPage(topicsView{set: set, w: ww, form: web.NewForm()}))
}

func (s *Service) changeTopics(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	err = s.Change(r.Context(), r.Actor, r.PathValue("id"), ask(r, form, "topics"), func(set *Set) error { return set.setTopics(readTopics(form, set.Base)) })
	return back(w, r, err, pageOf(r.PathValue("id"))+"#topics", "topics")
}

// readTopics reads the topics that a form gives the items of a questionnaire.
func readTopics(form url.Values, base *instrument.Instrument) map[string]instrument.Topic {
	out := map[string]instrument.Topic{}
	for i := range base.Items {
		it := &base.Items[i]
		for _, t := range Topics() {
			if topicable(it) && form.Get(topicField(it.ID)) == string(t) {
				out[it.ID] = t
			}
		}
	}
	return out
}
