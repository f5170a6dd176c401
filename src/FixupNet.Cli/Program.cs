Console.WriteLine("FixupNet");
