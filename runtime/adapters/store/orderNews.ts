export { orderNews, orderNewsKind, refusalNews } from '../../domain/ledger/orderNews';
