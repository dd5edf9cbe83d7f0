using Sharing.Tour;

SQLitePCL.Batteries_V2.Init();
if (args.Contains("--help"))
{
    Console.WriteLine(
        """
        The main job, start to end: a real origin, a social network server, a download server, a photo server and terminals on this machine.

          dotnet run --project samples/Tour [-- OPTIONS]

          --json   one line of JSON for each row shown
          --strict what cannot be shown on this machine is an error
          --keep   leave the servers up at the end, and print their addresses
          --help   this

        Exit code 0: every row was shown and every byte checked.
        """);
    return 0;
}

await using var stage = new OneBox();
return await Story.TellAsync(new Board(args.Contains("--json"), args.Contains("--strict")), stage, keep: args.Contains("--keep"));
