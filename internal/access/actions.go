package access

import (
	"slices"
	"sync"
)

// Action is something that one may or may not do.
type Action string

// The actions.
const (
	UseInterface Action = "interface.use" // see one's home page and what every signed-in person sees

	ReadOwn   Action = "own.read"   // what the system holds about oneself
	ChangeOwn Action = "own.change" // language, password, passkeys, sessions
	EraseOwn  Action = "own.erase"

	ReadOrganisation   Action = "organisation.read"
	ChangeOrganisation Action = "organisation.change"
	AddOrganisation    Action = "organisation.add" // to a federation

	ReadAccounts  Action = "accounts.read"
	ChangeAccount Action = "accounts.change" // add, block, give roles, invite
	IssuePIN      Action = "accounts.pin"    // a PIN for people without a mailbox
	EraseAccount  Action = "accounts.erase"

	ManageKeys Action = "keys.manage"

	ReadAudit       Action = "audit.read"
	ReadRetention   Action = "retention.read"
	ChangeRetention Action = "retention.change" // set the periods and let them be applied
	ReadMail        Action = "mail.read"        // what was sent to whom and what became of it, never the text
	ResendMail      Action = "mail.resend"
	ReadJob         Action = "jobs.read"
	StopJob         Action = "jobs.stop"

	ReadReport    Action = "reports.read"
	MakeReport    Action = "reports.make"
	ChangeReport  Action = "reports.change" // title, delete
	PublishReport Action = "reports.publish"
	ShareReport   Action = "reports.share"
	ReadSource    Action = "answers.read" // that answers are stored, their questionnaire and quality
	AddSource     Action = "answers.add"
	DeleteSource  Action = "answers.delete"
	ExportAnswers Action = "answers.export" // the package for research: single answers, without names and open text

	ReadWave  Action = "waves.read"  // what is asked, of whom, how far it is, in groups of at least k
	RunWave   Action = "waves.run"   // make, change, launch, close
	ReadTexts Action = "waves.texts" // open answers: read, hide, take names out

	ReadPeople     Action = "people.read"     // units, functions, and who works where; never the birth year or the number
	ReadTeam       Action = "people.team"     // the same of the people whom one leads
	ReadPersonFile Action = "people.file"     // birth year and number of one person; noted with the reason
	ChangePeople   Action = "people.change"   // mend by hand, decide on titles and duplicates, undo
	ImportPeople   Action = "people.import"   // take a file, look at what it would change, apply it
	ReadQuality    Action = "people.quality"  // how good the data is, in numbers
	SyncPeople     Action = "people.sync"     // what a directory does over SCIM
	SetNational    Action = "people.national" // what becomes of national numbers, on what legal basis

	// Of somebody's own skills there is no action: no role reads them, and what opens them is no account.
	ReadNeeds    Action = "skills.needs"   // what each function asks of skills, and why
	ChangeNeeds  Action = "skills.change"  // set what functions ask, and how the levels are described
	ProposeNeeds Action = "skills.propose" // for the functions of the people whom one leads
	ReadGap      Action = "skills.gap"     // what is asked beside what is there, in groups of at least k
	OpenSkills   Action = "skills.open"    // a link by which people without an account come to the check

	HoldInterviews Action = "skills.interview" // on why people do not use AI: invite, note with consent

	ReadActions   Action = "actions.read"   // what is done about what was found, and whether it moved a figure
	ChangeActions Action = "actions.change" // make, change, undo, delete; decide on proposals
	RunAction     Action = "actions.run"    // say how far one is: its state, whom it reached, with what
	TellActions   Action = "actions.tell"   // publish what people who answered are told

	ReadStrategy   Action = "strategy.read"   // the strategy that is being written, and its versions
	ChangeStrategy Action = "strategy.change" // write in it, place figures
	ReadEvidence   Action = "evidence.read"   // what shows that measures were taken, in numbers of groups

	UseModels      Action = "models.use"      // ask a model, try challenges, look at examples and offer one; see own use
	ReadUse        Action = "models.insight"  // how much models are used, in groups of at least k: the same for everyone
	ManageGateway  Action = "gateway.manage"  // keys of programs, and what backends there are
	ReadGuard      Action = "guard.read"      // what the guard does with each type of data, and since when
	SetGuard       Action = "guard.set"       // change that
	ReadBudgets    Action = "budgets.read"    // limits, and how they stand for teams and the organisation
	SetBudgets     Action = "budgets.set"     // change limits
	ReadExamples   Action = "examples.read"   // what colleagues did with AI, as far as it may be seen
	ReviewExamples Action = "examples.review" // let an example of a colleague be seen, or not
	ReadShadow     Action = "shadow.read"     // what AI services are used outside the offer, in groups of at least k
	CountShadow    Action = "shadow.count"    // have logs read and counted, delete what was counted
)

// rule says who may do an action to what belongs to their organisation.
type rule struct {
	roles      []Role
	own        bool // also whoever owns the resource
	published  bool // also every signed-in person of the organisation, once it is published
	held       bool // also the administrators of the federation that holds the organisation
	personally bool // never by a key
}

var rules = sync.OnceValue(func() map[Action]rule {
	everyone := []Role{Employee}
	return map[Action]rule{
		UseInterface: {roles: everyone, personally: true},

		ReadOwn:   {own: true},
		ChangeOwn: {own: true, personally: true},
		EraseOwn:  {own: true, personally: true},

		ReadOrganisation:   {roles: []Role{HR, DPO, Administrator}, held: true},
		ChangeOrganisation: {roles: []Role{Administrator}, held: true},
		AddOrganisation:    {roles: []Role{Administrator}},

		ReadAccounts:  {roles: []Role{HR, Administrator}},
		ChangeAccount: {roles: []Role{Administrator}},
		IssuePIN:      {roles: []Role{HR, Administrator}},
		EraseAccount:  {roles: []Role{Administrator}},

		ManageKeys: {roles: []Role{HR, Researcher, Administrator}, personally: true},

		ReadAudit:       {roles: []Role{DPO, Administrator}},
		ReadRetention:   {roles: []Role{HR, DPO, Administrator}},
		ChangeRetention: {roles: []Role{DPO, Administrator}},
		ReadMail:        {roles: []Role{HR, Administrator}},
		ResendMail:      {roles: []Role{HR, Administrator}},
		ReadJob:         {roles: []Role{HR, Administrator}, own: true},
		StopJob:         {roles: []Role{HR, Administrator}, own: true},

		ReadReport:    {roles: []Role{HR, Researcher}, published: true},
		MakeReport:    {roles: []Role{HR}},
		ChangeReport:  {roles: []Role{HR}},
		PublishReport: {roles: []Role{HR}},
		ShareReport:   {roles: []Role{HR}},
		ReadSource:    {roles: []Role{HR, Researcher, DPO}},
		AddSource:     {roles: []Role{HR}},
		DeleteSource:  {roles: []Role{HR, DPO}},
		ExportAnswers: {roles: []Role{Researcher}},

		ReadWave:  {roles: []Role{HR, DPO, Researcher}},
		RunWave:   {roles: []Role{HR}},
		ReadTexts: {roles: []Role{HR}},

		ReadPeople:     {roles: []Role{HR}},
		ReadTeam:       {roles: []Role{Manager}, personally: true},
		ReadPersonFile: {roles: []Role{HR}, personally: true},
		ChangePeople:   {roles: []Role{HR}},
		ImportPeople:   {roles: []Role{HR}},
		ReadQuality:    {roles: []Role{HR, DPO}},
		SyncPeople:     {roles: []Role{Administrator}},
		SetNational:    {roles: []Role{Administrator}, personally: true},

		ReadNeeds:    {roles: []Role{HR, Manager, CoreTeam, DPO, Researcher}},
		ChangeNeeds:  {roles: []Role{HR}},
		ProposeNeeds: {roles: []Role{Manager}, personally: true},
		ReadGap:      {roles: []Role{HR, CoreTeam, DPO, Researcher}},
		OpenSkills:   {roles: []Role{HR}},

		HoldInterviews: {roles: []Role{HR}, personally: true},

		ReadActions:   {roles: []Role{HR, CoreTeam, DPO, Researcher}, own: true},
		ChangeActions: {roles: []Role{HR}},
		RunAction:     {roles: []Role{HR}, own: true},
		TellActions:   {roles: []Role{HR}},

		ReadStrategy:   {roles: []Role{HR, CoreTeam, DPO}},
		ChangeStrategy: {roles: []Role{HR, CoreTeam}, personally: true},
		ReadEvidence:   {roles: []Role{HR, DPO}},

		UseModels:      {roles: everyone, personally: true},
		ReadUse:        {roles: everyone},
		ManageGateway:  {roles: []Role{Administrator}, personally: true},
		ReadGuard:      {roles: everyone},
		SetGuard:       {roles: []Role{DPO, Administrator}, personally: true},
		ReadBudgets:    {roles: []Role{HR, CoreTeam, DPO, Administrator}},
		SetBudgets:     {roles: []Role{CoreTeam, Administrator}, personally: true},
		ReadExamples:   {roles: everyone},
		ReviewExamples: {roles: []Role{HR, CoreTeam}, personally: true},
		ReadShadow:     {roles: []Role{HR, CoreTeam, DPO, Administrator}, published: true},
		CountShadow:    {roles: []Role{DPO, Administrator}},
	}
})

// Actions lists every action, sorted.
func Actions() []Action {
	var list []Action
	for a := range rules() {
		list = append(list, a)
	}
	slices.Sort(list)
	return list
}

// Delegable lists the actions that a key may be given, sorted.
func Delegable() []Action {
	return slices.DeleteFunc(Actions(), func(a Action) bool { return rules()[a].personally })
}
