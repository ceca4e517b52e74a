# The debhelper sequence "onion-grater": dh_onion_grater after other files have been installed.
use strict;
use warnings;
use Debian::Debhelper::Dh_Lib;

insert_after('dh_install', 'dh_onion_grater');

1;
