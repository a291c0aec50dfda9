export { ChaseTerms, rungPrice, type Rung } from './ladder';
