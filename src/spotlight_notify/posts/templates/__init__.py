"""How posts look: template files, read and tried before the first aid comes."""
