package synth

// The figures that a wave is calibrated to. Where a comment names the study, the figure is published (Kenniscentrum Data
// & Maatschappij, imec-MICT-UGent: 576 employees of local and Flemish governments); all others are made up so that the
// order of answers is as that study describes it.

// traitTarget places a trait on its scale (0 lowest answer, 1 highest) and says how far it goes with use.
type traitTarget struct{ mean, load float64 }

var traitTargets = map[string]traitTarget{
	// The study: most skilled in communicating, critical alike, technical clearly lowest.
	"communicative": {0.68, 0.55},
	"critical":      {0.67, 0.4},
	"ethical":       {0.58, 0.3},
	"creative":      {0.57, 0.55},
	"technical":     {0.38, 0.5},
	// The study: willingness hangs mostly on the belief that it helps the work; easy to use; little social pressure.
	"performance": {0.64, 0.55},
	"effort":      {0.63, 0.45},
	"social":      {0.36, 0.3},
	"conditions":  {0.45, 0.3},
	"intention":   {0.62, 0.5},
}

// driverTargets are the weights of what willingness hangs on.
var driverTargets = map[string]float64{"performance": 0.62, "effort": 0.2, "social": 0.1, "conditions": 0.14}

// choiceTarget gives the shares of the options of a single choice, in order along an inclination.
type choiceTarget struct {
	shares map[string]float64
	by     func(p *person) float64
	load   float64
}

func byUse(p *person) float64     { return p.use }
func byLeisure(p *person) float64 { return p.leisure }
func byAge(p *person) float64     { return normal.Quantile(min(max(p.age, 1e-6), 1-1e-6)) }
func byNoUse(p *person) float64   { return -p.use }
func byOffice(p *person) float64  { return -byField(p) }

// byField follows the order of the options: at a desk, in the field, both.
func byField(p *person) float64 {
	switch {
	case p.mixed:
		return 1.6
	case p.field:
		return 0.35
	default:
		return -0.9
	}
}

var choiceTargets = map[string]choiceTarget{
	// The study: 53.1 % weekly or more at work, 38.3 % in leisure.
	"use_work": {map[string]float64{"never": 0.21, "tried": 0.1, "rarely": 0.065, "monthly": 0.094, "weekly": 0.3, "daily": 0.231},
		byUse, 0.85},
	"use_leisure": {map[string]float64{"never": 0.31, "tried": 0.13, "rarely": 0.08, "monthly": 0.097, "weekly": 0.25, "daily": 0.133},
		byLeisure, 0.85},
	"rules_known": {map[string]float64{"read": 0.24, "heard": 0.31, "no": 0.1, "unknown": 0.35}, byNoUse, 0.4},
	"shadow_use":  {map[string]float64{"no": 0.66, "sometimes": 0.24, "often": 0.1}, byUse, 0.2},
	"training":    {map[string]float64{"group_session": 0.42, "online_course": 0.2, "colleague": 0.22, "self_trial": 0.16}, byUse, 0.3},
	"function_family": {map[string]float64{"policy": 0.12, "administration": 0.19, "public_contact": 0.12, "technical": 0.21, "care": 0.16,
		"culture": 0.09, "safety": 0.03, "it_data": 0.05, "other": 0.03}, nil, 0},
	"workplace": {map[string]float64{"office": 0.45, "field": 0.35, "both": 0.2}, byField, 0.97},
	"age":       {map[string]float64{"under35": 0.22, "35to44": 0.26, "45to54": 0.28, "55plus": 0.24}, byAge, 0.999},
	"education": {map[string]float64{"no_secondary": 0.12, "secondary": 0.3, "bachelor": 0.36, "master": 0.22}, byOffice, 0.6},
	"leads":     {map[string]float64{"yes": 0.15, "no": 0.85}, nil, 0},
}

// tickTargets give the shares of options of multiple choices.
var tickTargets = map[string]map[string]float64{
	// The study: ChatGPT and Copilot lead in both contexts.
	"systems_work": {"chatgpt": 0.66, "copilot": 0.58, "gemini": 0.17, "claude": 0.08, "translation": 0.34, "image": 0.1, "own_org_tool": 0.14,
		"other": 0.05},
	"systems_leisure": {"chatgpt": 0.78, "copilot": 0.31, "gemini": 0.25, "claude": 0.07, "translation": 0.24, "image": 0.16, "other": 0.06},
	// The study: seen as an assistant or sparring partner: checking language, summarising.
	"tasks_work": {"summarise": 0.57, "language_check": 0.61, "write": 0.49, "translate": 0.33, "search": 0.44, "ideas": 0.41, "analyse": 0.16,
		"code": 0.13, "media": 0.12, "minutes": 0.2, "other": 0.04},
	"tasks_leisure": {"search": 0.61, "write": 0.34, "translate": 0.31, "ideas": 0.42, "learn": 0.36, "media": 0.19, "fun": 0.27, "other": 0.04},
	// The study: at work mainly for lack of skills or knowledge, in leisure for want of a direct benefit.
	"nonuse_work": {"skills": 0.52, "no_useful_task": 0.36, "no_benefit": 0.24, "rules": 0.27, "access": 0.22, "trust": 0.25, "privacy": 0.24,
		"environment": 0.13, "own_craft": 0.2, "principles_jobs": 0.1, "other": 0.04},
	"nonuse_leisure": {"no_benefit": 0.55, "skills": 0.31, "no_useful_task": 0.37, "trust": 0.24, "privacy": 0.27, "environment": 0.15,
		"own_craft": 0.26, "principles_jobs": 0.1, "other": 0.04},
	// The study: valued most are summarising and saving time.
	"advantages": {"time": 0.67, "summaries": 0.64, "language": 0.53, "ideas": 0.45, "information": 0.37, "routine": 0.33, "service": 0.14},
	// The study: not always the right or wanted result, about 8 in 10; energy 46.8 %; copyrighted data 46.5 %.
	"drawbacks": {"wrong": 0.8, "energy": 0.468, "copyright": 0.465, "privacy": 0.5, "deskilling": 0.41, "bias": 0.33, "big_tech": 0.37},
	"support": {"examples": 0.58, "guidelines": 0.55, "basic_training": 0.46, "prompt_training": 0.37, "short_videos": 0.29, "colleague": 0.31,
		"time": 0.35, "tool_safe": 0.42},
}

// marginTargets are the shares of the whole organisation where they differ from those who answer: older staff answer
// somewhat less.
var marginTargets = map[string]map[string]float64{
	"age": {"under35": 0.19, "35to44": 0.25, "45to54": 0.28, "55plus": 0.28},
}
