export { equityOf, type BookedFill } from './equity';
export { Agenda, RANK, type Look, type Work } from './agenda';
export { createBooks, UnknownFrame, type VirtualBooks } from './books';
export { ColumnFrame } from './frames';
export { VirtualMarket } from './market';
export { prepareTrack, type Prepared } from './prepare';
export { createVirtualStore, NotInReplay, type VirtualStore } from './store/virtualStore';
export { Track, type TrackData } from './track';
