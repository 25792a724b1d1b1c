// The script of the answering pages.
import './ballot.js';
