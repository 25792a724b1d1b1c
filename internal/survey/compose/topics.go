package compose

import (
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// Topics lists what a question can be about, in the order of the report, which groups questions by it. TopicOther, the last,
// stands for none of them.
func Topics() []instrument.Topic {
	return []instrument.Topic{instrument.TopicUse, instrument.TopicSystems, instrument.TopicTasks, instrument.TopicNonUse, instrument.TopicAdvantages, instrument.TopicDrawbacks,
		instrument.TopicSupport, instrument.TopicRules, instrument.TopicShadow, instrument.TopicSkills, instrument.TopicDrivers, instrument.TopicBackground, instrument.TopicTest, instrument.TopicOther}
}

// ownTopics are those of own questions: what is asked about background is for the base to say, for by that answers are split up, and
// so is what tests people.
func ownTopics() []instrument.Topic {
	return slices.DeleteFunc(Topics(), func(t instrument.Topic) bool { return t == instrument.TopicBackground || t == instrument.TopicTest })
}

// ownTopic reads the topic of an own question; anything else is none.
func ownTopic(s string) instrument.Topic {
	if t := instrument.Topic(s); t != instrument.TopicOther && slices.Contains(ownTopics(), t) {
		return t
	}
	return ""
}

// topicable tells whether the report has a place for the answers to an item.
func topicable(it *instrument.Item) bool { return it.Kind != instrument.Info }

// setTopics says what the questions of an own questionnaire are about: the topic by the id of the item. What the file said stays where
// nothing is said here.
func (set *Set) setTopics(topics map[string]instrument.Topic) error {
	if !set.Recipe.Base.Own() {
		return refuse(problem.Conflict, "error.topics-built-in", nil)
	}
	set.Recipe.Base.Topics = topics
	return nil
}

// about gives the items of a questionnaire their topics.
func about(in *instrument.Instrument, topics map[string]instrument.Topic) {
	for i := range in.Items {
		it := &in.Items[i]
		if t, said := topics[it.ID]; said && topicable(it) && slices.Contains(Topics(), t) {
			it.Topic = t
		}
	}
}
