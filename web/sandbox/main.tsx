import { render } from 'preact';
import { App } from './App.js';
import './styles/base.css';
import './styles/layout.css';
import './styles/phone.css';
import './styles/messages.css';
import './styles/drawer.css';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
