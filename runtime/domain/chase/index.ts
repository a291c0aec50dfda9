export { ChaseTerms, EXIT_LADDER, rungPrice, type Rung } from './ladder';
