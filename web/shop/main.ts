import {startTheme} from '../shell/theme';
import '../widgets/rapport-assistant';
import '../widgets/rapport-order';
import '../widgets/rapport-orders';
import '../widgets/rapport-question';
import '../widgets/rapport-recommendations';
import '../widgets/rapport-reviews';
import '../widgets/rapport-composer';
import '../widgets/rapport-services';
import '../widgets/rapport-survey';
import {shop} from './state';

startTheme();
shop.takeKey();
shop.setLanguage(undefined);
// The elements find the key where a shop's own page would put it.
const meta = document.createElement('meta');
meta.name = 'rapport-key';
meta.content = shop.key;
document.head.append(meta);

await import('./pages');
