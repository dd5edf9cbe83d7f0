using Sharing.Tour;

SQLitePCL.Batteries_V2.Init();
if (args.Contains("--help"))
{
    Console.WriteLine(
        """
        The main job, start to end: a real origin, a social network server, a download server and two terminals on this machine.

          dotnet run --project samples/Tour [-- OPTIONS]

          --json   one line of JSON for each row shown
          --keep   leave the servers up at the end, and print their addresses
          --help   this

        Exit code 0: every row was shown and every byte checked.
        """);
    return 0;
}

return await Story.TellAsync(new Board(args.Contains("--json")), keep: args.Contains("--keep"));
