export { chargesOf, type ChargeRequest, type Charges } from './charges';
