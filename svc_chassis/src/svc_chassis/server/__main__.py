from svc_chassis.server.command import main

main()
