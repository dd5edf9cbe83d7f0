using Sharing.Deployment;
using Sharing.Tour;

SQLitePCL.Batteries_V2.Init();
if (args.Contains("--help"))
{
    Console.WriteLine(
        """
        Outgrown one machine: PostgreSQL, an S3 store, nginx, and three hosts with roles apart, told with the Tour's story; a host is killed again and again.

          dotnet run --project samples/Deployment [-- OPTIONS]

          --json   one line of JSON for each row shown
          --strict what cannot be shown on this machine is an error
          --keep   leave everything up at the end, and print addresses
          --help   this

        It needs, on Debian: apt-get install postgresql nginx-light python3-swift
        Exit code 0: every row was shown and every byte checked; 2: something of that is not installed.
        """);
    return 0;
}

string[] lacking =
[
    .. Directory.Exists(PostgresServer.Installed) ? (string[])[] : ["postgresql"], .. File.Exists(Nginx.Installed) ? (string[])[] : ["nginx-light"],
    .. Directory.Exists("/usr/lib/python3/dist-packages/swift") ? (string[])[] : ["python3-swift"],
];
if (lacking.Length > 0)
{
    await Console.Error.WriteLineAsync($"Not installed: apt-get install {string.Join(' ', lacking)}");
    return 2;
}

var board = new Board(args.Contains("--json"), args.Contains("--strict"), ["H1", "H2", "H3", "H4"]);
await using var stage = await ThreeHosts.StartAsync(board);
return await Story.TellAsync(board, stage, keep: args.Contains("--keep"), () => stage.ShowAsync(board));
