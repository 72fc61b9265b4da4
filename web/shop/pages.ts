import './home';
import './search';
import './product';
import './cart';
import './app';
