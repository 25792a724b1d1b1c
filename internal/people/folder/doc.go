// Package folder takes files with personnel data from a folder, by themselves: a personnel system writes its export there each night, and
// it is brought in as if somebody had uploaded it.
//
// # The folder
//
//	ROOT/<short name of the organisation>/<folder of the source>/
//	    export.csv        as the personnel system wrote it
//	    .busy/            files that a node works on
//	    done/             files that came in, with a .txt that says as which import
//	    refused/          files that could not be taken, with a .txt that says why
//
// The folders of organisations and sources are made by who runs the installation; the three below them by the program. Links are not
// followed, and nothing outside the root is touched.
//
// # A file is taken once
//
// A file that is the same at two looks, and has no name that says that it is being written, is claimed: it is moved into a folder of its
// own below .busy, which one node alone can do. The node touches that folder as long as it lives. When it does not, another node takes
// the claim over by giving the folder its next name. The claim keeps its first name through that, and the import is asked for under it: a
// file that was brought in just before its node died is not brought in again.
//
// What becomes of the import, see people.Arrival: it applies itself when the columns of the source are known, none is new, and no more
// goes than the limits of the source allow. Otherwise it waits for a person.
package folder
