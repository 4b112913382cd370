export {Pickers} from './Pickers';
export {moveQuery, pickedTag, pickQuery} from './query_pick';
export {QueryMark} from './QueryMark';
