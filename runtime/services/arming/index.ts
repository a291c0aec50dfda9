export { armAccount, protectionHolder, protectionOwner, type ArmingPorts } from './arm';
