from goatedvips.cli import main

main()
